export { readOptions, type StackOptions } from './options.ts';
export { readPlaces, type Places } from './places.ts';
export { startStack, type Stack } from './stack.ts';
