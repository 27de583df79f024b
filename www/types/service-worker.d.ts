// The globals of a service worker's scope that TypeScript's DOM library leaves out.

interface ExtendableEvent extends Event {
  waitUntil(promise: Promise<unknown>): void;
}

interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  readonly resultingClientId: string;
  respondWith(response: Promise<Response>): void;
}

interface Client {
  readonly id: string;
  postMessage(message: unknown): void;
}

interface ServiceWorkerEvents {
  install: ExtendableEvent;
  activate: ExtendableEvent;
  fetch: FetchEvent;
  message: MessageEvent;
}

interface ServiceWorkerScope {
  /** What offline-files.js sets: `files` by path, with SHA-256 digests in base64. */
  readonly OFFLINE: { version: string; strategy: "versioned" | "fresh"; files: Record<string, string> };
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { get(id: string): Promise<Client | undefined>; matchAll(): Promise<readonly Client[]> };
  importScripts(...urls: string[]): void;
  skipWaiting(): Promise<void>;
  addEventListener<Name extends keyof ServiceWorkerEvents>(name: Name, listener: (event: ServiceWorkerEvents[Name]) => void): void;
  removeEventListener<Name extends keyof ServiceWorkerEvents>(name: Name, listener: (event: ServiceWorkerEvents[Name]) => void): void;
}
