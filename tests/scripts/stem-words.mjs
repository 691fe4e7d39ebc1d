// Stems the words on standard input, one a line, with the theme's stemmer of the language given as the argument.
import { readFileSync } from "node:fs";
import { stemmer } from "./search-scripts.mjs";

const stem = stemmer(process.argv[2]);
process.stdout.write(readFileSync(0, "utf8").split("\n").map((word) => (word ? stem(word) : "")).join("\n"));
