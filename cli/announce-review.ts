import type { App } from './app.js';

/** Says once that a batch waits for a reviewer. */
export function announceReview(
  app: App,
): (view: { readonly reviewWorkflowId?: string }) => Promise<void> {
  let announced: string | undefined;
  return ({ reviewWorkflowId }) => {
    if (reviewWorkflowId !== undefined && reviewWorkflowId !== announced) {
      announced = reviewWorkflowId;
      app.note(`waiting for a reviewer: custos review show ${reviewWorkflowId}`);
    }
    return Promise.resolve();
  };
}
