/** Importing this module registers every cross-field rule. */
export {};
