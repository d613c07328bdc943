import { crossEntropyKernel, tokenLossKernel } from './cross-entropy.js';
import { fillKernel } from './fill.js';
import { mergeHeadsKernel, splitHeadsKernel } from './heads.js';
import type { HostKernel } from './host-kernel.js';
import { rmsNormGradKernel, rmsNormKernel } from './norm.js';
import { gatherRowsKernel, scatterRowsKernel } from './rows.js';
import { causalSoftmaxGradKernel, causalSoftmaxKernel } from './softmax.js';
import { siluGradKernel, siluKernel, swigluKernel } from './swiglu.js';

/** Every fused operation that a backend in the host's memory can register. */
export const HOST_KERNELS: readonly HostKernel[] = [
  crossEntropyKernel,
  tokenLossKernel,
  fillKernel,
  gatherRowsKernel,
  scatterRowsKernel,
  mergeHeadsKernel,
  splitHeadsKernel,
  rmsNormGradKernel,
  rmsNormKernel,
  causalSoftmaxGradKernel,
  causalSoftmaxKernel,
  siluGradKernel,
  siluKernel,
  swigluKernel,
];
export type { HostKernel } from './host-kernel.js';
