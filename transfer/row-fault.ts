/** Why a row is not sent, for a person. */
export class RowFault extends Error {}
