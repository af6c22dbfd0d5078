"""Many recordings analysed on Dask, on this machine or on a cluster, into one library."""
