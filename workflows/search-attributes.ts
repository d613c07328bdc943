import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  isCancellation,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import { SEARCH_ATTRIBUTES, type RunVerdict } from '../policies/search-attributes.js';

export type Marks = Partial<Record<keyof typeof SEARCH_ATTRIBUTES, string>> & {
  readonly outcome?: RunVerdict;
};

/** Marks as a child workflow takes them at its start. */
export function searchPairs(marks: Marks): SearchAttributePair[] {
  return Object.entries(marks).map(([name, value]) => ({
    key: defineSearchAttributeKey(
      SEARCH_ATTRIBUTES[name as keyof typeof SEARCH_ATTRIBUTES],
      'KEYWORD',
    ),
    value,
  }));
}

/** Sets what Temporal's lists find this workflow by. A command, so part of the history. */
export function markWorkflow(marks: Marks): void {
  upsertSearchAttributes(searchPairs(marks));
}

function codeOf(error: unknown): string | undefined {
  if (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure)
    return codeOf(error.cause);
  return error instanceof ApplicationFailure ? (error.type ?? undefined) : undefined;
}

/** Runs `work` and marks how it ended; every failure is marked and thrown on. */
export async function markVerdict<T>(
  work: () => Promise<T>,
  verdictOf: (value: T) => RunVerdict,
): Promise<T> {
  markWorkflow({ outcome: 'running' });
  try {
    const value = await work();
    markWorkflow({ outcome: verdictOf(value) });
    return value;
  } catch (error) {
    const ended = codeOf(error) === 'REVIEW_REFUSED' ? 'refused' : 'failed';
    markWorkflow({ outcome: isCancellation(error) ? 'cancelled' : ended });
    throw error;
  }
}
