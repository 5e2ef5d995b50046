export { startApi, type Api, type ApiParts } from './start-api.js';
