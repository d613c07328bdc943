export function stepSources(): Promise<Record<string, string>>;
export function recordedSources(): Record<string, string>;
