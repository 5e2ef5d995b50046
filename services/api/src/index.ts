export { apiPartsOf } from './api-parts.js';
export { startApi, type Api, type ApiParts } from './start-api.js';
