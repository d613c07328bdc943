/** A wheel from the Python package index, named by its digest. */
export interface PinnedWheel {
  readonly requirement: string;
  readonly sha256: string;
}

export interface PinnedNative {
  /** The npm package whose backend it is, and its integrity in the registry. */
  readonly packageName: '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu';
  readonly integrity: string;
  /** The C library and its headers. */
  readonly library: PinnedWheel;
  /** What the library loads at run time, each from the folder `nvidia/` beside it. */
  readonly companions: readonly PinnedWheel[];
}

export const TFJS_NODE_VERSION = '4.22.0';
export const TENSORFLOW_VERSION = '2.15.1';

/** Node-API headers of every Node.js version. */
export const HEADERS = {
  name: 'node-api-headers',
  version: '1.9.0',
  integrity:
    'sha512-2oNILP4jXwRB4ywnYKjVk1YyJ96n2D4EOVJO6S3oYZ5PtbJrw3Yt9TpAuX3nBLMuzn74rnfGQrv13pS9vC+YiA==',
} as const;

/** What the C library's wheels are built for; the Python version in their names does not matter. */
export const WHEEL_TAGS = [
  '--python-version=3.11',
  '--implementation=cp',
  '--abi=cp311',
  '--platform=manylinux_2_17_x86_64',
  '--platform=manylinux2014_x86_64',
  '--platform=manylinux1_x86_64',
] as const;

export const CPU: PinnedNative = {
  packageName: '@tensorflow/tfjs-node',
  integrity:
    'sha512-uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w==',
  library: {
    requirement: `tensorflow-cpu==${TENSORFLOW_VERSION}`,
    sha256: '54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26',
  },
  companions: [],
};

/** CUDA 12.2 and cuDNN 8.9, what the `and-cuda` extra of this TensorFlow asks for. */
const CUDA: readonly (readonly [name: string, version: string, sha256: string])[] = [
  [
    'nvidia-cublas-cu12',
    '12.2.5.6',
    'f448d8db463f9a2c7dd9a1e607c0961d3e95f825b86839c5882f7d073d406df0',
  ],
  [
    'nvidia-cuda-cupti-cu12',
    '12.2.142',
    'ce68d1009dd14215e38ed49643d31374c71d6fea381181cb0b9da7f19dfd1624',
  ],
  [
    'nvidia-cuda-nvrtc-cu12',
    '12.2.140',
    'b1cdcae6443cb7cdcfb5d1bf51896a148c9f82f9e65b27db9ab095eaed689aa7',
  ],
  [
    'nvidia-cuda-runtime-cu12',
    '12.2.140',
    'acb9cb7e44594a3512533497ea790d9f0b0e399abcc888584c157d1ffa080e41',
  ],
  [
    'nvidia-cudnn-cu12',
    '8.9.4.25',
    '9f882d5b11753c566fd32427839089eb4f8ba7a58c28446ad359e32c40229723',
  ],
  [
    'nvidia-cufft-cu12',
    '11.0.8.103',
    '72e961e578f9be9e316ccb4db8652c421dd0b57442624faa71061d452f449a67',
  ],
  [
    'nvidia-curand-cu12',
    '10.3.3.141',
    '7b6bad6817b5df2a6f5ec221206fb895d9195fdd7d2443f3e86554108c141a0a',
  ],
  [
    'nvidia-cusolver-cu12',
    '11.5.2.141',
    '5a85c4653ce34339a5688137f494a0f903e0f0532418550998167f00844161da',
  ],
  [
    'nvidia-cusparse-cu12',
    '12.1.2.141',
    '4e13d6a51d2303dcb2a023ba09546811161f0334fc64e13689397bbd3b1eb126',
  ],
  [
    'nvidia-nccl-cu12',
    '2.16.5',
    '84695a4248138fb2ca12f5fd3defe986e790e71ccdaad51b2ca34ca4e83ef421',
  ],
  [
    'nvidia-nvjitlink-cu12',
    '12.2.140',
    '95635cafbf9f96c38bea5200ab145a2e6aefbb5405e0b04c1e4ba54df2d84ec9',
  ],
  [
    'nvidia-cuda-nvcc-cu12',
    '12.2.140',
    'c6ff4ae7a636eb6cab7621191e19ac3779690686bbcf52c04d8b1ca2944e1e27',
  ],
];

export const GPU: PinnedNative = {
  packageName: '@tensorflow/tfjs-node-gpu',
  integrity:
    'sha512-p//NN6DGiN4hInUmIkRffaFVMcdTREUMjPyjW04J7OXvB2zBlQimj61eFKSgRrH3f5TnOfKzb0n56he/B6a4bw==',
  library: {
    requirement: `tensorflow==${TENSORFLOW_VERSION}`,
    sha256: 'bb0edd69103c154245c5f209f0507355cc68ba7e4de350084bc31edc562478e4',
  },
  companions: CUDA.map(([name, version, sha256]) => ({
    requirement: `${name}==${version}`,
    sha256,
  })),
};
