// Writes the types of reports from their schemas in docs/:
//
//   node npm/types.mjs FOLDER/OF/node_modules [--check]
//
// With --check nothing is written, and types that are not those of the schemas are an error.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const [modules, check] = process.argv.slice(2);
const { compile } = createRequire(join(resolve(modules), 'any.js'))('json-schema-to-typescript');

/** What is described where it is referred to, and what has a title inside, would become a type of its own each time. */
function plain(schema, top = true) {
  if (Array.isArray(schema)) return schema.map((part) => plain(part, false));
  if (schema === null || typeof schema !== 'object') return schema;
  const parts = Object.entries(schema).filter(([name, part]) => top || name !== 'title' || typeof part !== 'string');
  const made = Object.fromEntries(parts.map(([name, part]) => [name, plain(part, false)]));
  const { $ref, ...rest } = made;
  return $ref !== undefined && Object.keys(rest).length > 0 ? { ...rest, allOf: [{ $ref }] } : made;
}

for (const name of ['report', 'explore']) {
  const file = `docs/${name}.schema.json`;
  const schema = plain(JSON.parse(readFileSync(join(here, '..', file), 'utf8')));
  const made = await compile(schema, name, {
    additionalProperties: false,
    bannerComment: `// Made by npm/types.mjs from ${file}. Change the types in src/ that the schema is made from.`,
    style: { singleQuote: true, printWidth: 120 },
  });
  const types = join(here, `heapdiff/lib/${name}.d.ts`);
  if (!check) writeFileSync(types, made);
  else if (readFileSync(types, 'utf8') !== made) {
    console.error(`error: ${types} is not what ${file} says; run node npm/types.mjs ${modules}`);
    process.exitCode = 1;
  }
}
