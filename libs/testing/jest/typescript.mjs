/** `node --conditions=@emp/source --import ./libs/testing/jest/typescript.mjs file.ts`: runs a source file unbuilt. */
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
