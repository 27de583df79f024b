// songmood/worker: the module that the client's worker runs. It is imported for its effect, by bundlers that need to be told of it.

/** What the client asks its worker for, by name; a worker's own module may replace or add some. */
export const operations: Record<string, Function>;
