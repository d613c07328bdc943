import { AsyncLocalStorage } from 'node:async_hooks';
import { ROOT_CONTEXT, type Context, type ContextManager } from '@opentelemetry/api';

type AnyFunction = (...args: unknown[]) => unknown;

/** Keeps the active span over awaits. */
export function asyncContextManager(): ContextManager {
  const storage = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (context, fn, thisArg, ...args) => storage.run(context, () => fn.apply(thisArg, args)),
    bind: <T>(context: Context, target: T): T => {
      if (typeof target !== 'function') return target;
      const call = target as unknown as AnyFunction;
      return ((...args: unknown[]) => storage.run(context, () => call(...args))) as T;
    },
    enable: () => manager,
    disable: () => {
      storage.disable();
      return manager;
    },
  };
  return manager;
}
