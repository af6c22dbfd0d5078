// Where Streamlit calls the player: with each change of its data again, so one player is kept for each place of the page.

import { Player } from "./player.js";

const players = new WeakMap(); // by the element that Streamlit gave

export function show({ data: [data], parentElement, setStateValue, setTriggerValue }) {
  let player = players.get(parentElement);
  if (!player) {
    player = new Player(parentElement.querySelector(".player"), data);
    players.set(parentElement, player);
  }
  player.outbox.send = (letters) => setStateValue("outbox", letters);
  player.look = () => setTriggerValue("look", true);
  player.update(data);
  return () => {
    player.close();
    players.delete(parentElement);
  };
}
