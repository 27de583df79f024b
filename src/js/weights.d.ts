// songmood/weights: the shipped networks, under CC BY-NC-SA 4.0 (LICENSE-WEIGHTS). Importing it loads nothing; each function does.

/** Where the model files lie: `file:` addresses in Node, otherwise wherever the package or the bundler put them. */
export const addresses: { readonly music: readonly URL[]; readonly voice: readonly URL[] };

/**
 * The networks for music, to be given to `new Classifier`.
 *
 * @throws an error with the code `models-missing` where a file is not served; the signal's reason where it was aborted
 */
export function music(options?: { signal?: AbortSignal }): Promise<Uint8Array<ArrayBuffer>[]>;

/** The networks for a single voice, sung or spoken. Otherwise as `music`. */
export function voice(options?: { signal?: AbortSignal }): Promise<Uint8Array<ArrayBuffer>[]>;
