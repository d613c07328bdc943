/** The linear modules of a decoder layer: those that are quantized and that LoRA can train. */
export const LORA_MODULES = [
  'q_proj',
  'k_proj',
  'v_proj',
  'o_proj',
  'gate_proj',
  'up_proj',
  'down_proj',
] as const;
export type LoraModule = (typeof LORA_MODULES)[number];

/** The module's place in a layer's state dict, e.g. `self_attn.q_proj`. */
export function modulePath(module: LoraModule): string {
  return `${'qkvo'.includes(module.charAt(0)) ? 'self_attn' : 'mlp'}.${module}`;
}
