"use strict";
/* What WeChat's tools make of app/, for tests and for the size: TypeScript compiled, all else as it is.
   node tools/build.js [FOLDER] */
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const ROOT = path.join(__dirname, "..");
const FROM = path.join(ROOT, "app");
const TO = path.resolve(process.argv[2] || path.join(ROOT, ".build"));

fs.rmSync(TO, { recursive: true, force: true });
fs.cpSync(FROM, TO, { recursive: true, filter: (file) => !file.endsWith(".ts") });
execFileSync(process.execPath, [require.resolve("typescript/bin/tsc"), "--outDir", TO], { cwd: ROOT, stdio: "inherit" });
