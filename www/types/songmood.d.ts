// The shapes that pass between worker and page are the package's.

export type * from "../../pkg/client/types.d.ts";
