import { batchGradients } from '../../domain/train/engine/index.js';

type Request = Parameters<typeof batchGradients>[0];
type Given = Pick<Request, 'model' | 'adapter' | 'batch'> & { readonly recompute?: boolean };

/** Of a batch without dropout: its mean loss, the loss of each row, and the gradients by layer. */
export async function meanGradients({ recompute = true, ...given }: Given) {
  const weight = 1 / given.batch.rows.length;
  const drop: Request['drop'] = () => (x) => x;
  const { losses, layers } = await batchGradients({ ...given, weight, drop, recompute });
  return { losses, layers, loss: losses.reduce((sum, value) => sum + value, 0) / losses.length };
}
