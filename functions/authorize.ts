export { authorize as handler } from '../core/access/authorize.ts';
