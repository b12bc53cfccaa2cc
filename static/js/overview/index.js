// The page of a map.
import { MapPage } from "./map.js";

const page = document.getElementById("map");
if (page) new MapPage(page).start();
