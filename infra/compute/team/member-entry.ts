import { parentPort, workerData } from 'node:worker_threads';
import { createProduct } from '../onnxruntime.js';
import { serve, type MemberData } from './board.js';
import { createExecutor } from './executor.js';

const { board, memory } = workerData as MemberData;
const executor = createExecutor(memory, createProduct(memory, 1));
parentPort?.postMessage('started');
serve(board, executor);
