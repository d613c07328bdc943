export { describeDevice, registerWebgpu } from './device.js';
