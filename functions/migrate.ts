export { migrate as handler } from '../core/database/migrate.ts';
