/** recheck's checker as JavaScript in this thread; its main file starts other programs instead. */
declare module 'recheck/lib/browser.js' {
  import type { Diagnostics, Parameters } from 'recheck';
  const recheck: {
    readonly checkSync: (source: string, flags: string, params?: Parameters) => Diagnostics;
  };
  // eslint-disable-next-line no-restricted-syntax -- what the package exports
  export default recheck;
}
