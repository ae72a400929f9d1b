// What JavaScript clients make of GPX files: node read.mjs FILE.gpx... prints JSON, an entry a file.
// ROUTES_NODE_MODULES names the folder node_modules that holds them; jsdom stands in for the browser that they are made for.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.env.ROUTES_NODE_MODULES, "x.js"));
const { JSDOM } = require("jsdom");
const toGeoJSON = require("@tmcw/togeojson");
const gpxjs = require("@we-gold/gpxjs");

const parser = new new JSDOM("").window.DOMParser();
const parse = (text) => parser.parseFromString(text, "text/xml");

function withGeoJSON(text) {
  const features = toGeoJSON.gpx(parse(text)).features;
  const lines = features.filter((feature) => feature.geometry.type !== "Point");
  return {
    tracks: lines.map(({ geometry, properties }) => ({
      name: properties.name,
      colour: properties.stroke,
      segments: geometry.type === "MultiLineString" ? geometry.coordinates : [geometry.coordinates],
    })),
    waypoints: features
      .filter((feature) => feature.geometry.type === "Point")
      .map(({ geometry, properties }) => ({ name: properties.name, position: geometry.coordinates })),
  };
}

function withGPXjs(text) {
  const [gpx, error] = gpxjs.parseGPXWithCustomParser(text, parse);
  if (error) throw error;
  return {
    tracks: gpx.tracks.map((track) => ({
      name: track.name,
      points: track.points.map((point) => [point.longitude, point.latitude, point.elevation]),
      distance_m: track.distance.total,
      ascent_m: track.elevation.positive ?? null,
    })),
    waypoints: gpx.waypoints.map((point) => ({
      name: point.name,
      position: [point.longitude, point.latitude, point.elevation],
    })),
    routes: gpx.routes.length,
  };
}

const files = process.argv.slice(2).map((path) => {
  const text = readFileSync(path, "utf8");
  return { togeojson: withGeoJSON(text), gpxjs: withGPXjs(text) };
});
process.stdout.write(JSON.stringify(files));
