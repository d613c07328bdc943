export { createExecutor } from './executor.js';
export { loadSharedWasm } from './shared-wasm.js';
export { soloTeam, startTeam } from './team.js';
