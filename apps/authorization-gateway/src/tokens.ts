/** The pool of the door alone: statements end with the deadline, and no list or job takes its connections. */
export const DOOR_DATABASE = Symbol('DOOR_DATABASE');
/** GatewayConfig */
export const CONFIG = Symbol('CONFIG');
/** PrismaClient, for plain reads. */
export const PRISMA = Symbol('PRISMA');
/** HbsClient */
export const HBS = Symbol('HBS');
