/** Runs dependency-cruiser over the tree at `root`; what it did not see is a problem too. */
export declare function checkBoundaries(root: string): Promise<{
  readonly modules: number;
  readonly edges: number;
  readonly problems: readonly string[];
}>;
