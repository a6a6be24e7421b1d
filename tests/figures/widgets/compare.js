// Judges answers that a test sends: [[entry, text], ...] as JSON on stdin, the words as JSON on stdout.
import { readFileSync } from "node:fs";
import { judge } from "../../../figures/widgets/src/entry.js";

const asked = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(asked.map(([entry, text]) => judge(entry, text).words)));
