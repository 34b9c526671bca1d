// What of jose the authorizer needs, to be loaded at once and late: by itself `import('jose')`
// takes all of it along, 63 KB instead of 16.
export { createLocalJWKSet, errors, jwtVerify } from 'jose';
