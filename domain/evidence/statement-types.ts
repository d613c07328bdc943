import type { ValidateFunction } from 'ajv';
import {
  check,
  validateBundleStatement,
  validateFiringStatement,
  validateHoldStatement,
  validateLeakAuditStatement,
  validatePromotionStatement,
  validateRegistrationStatement,
  validateReviewStatement,
  validateStepStatement,
  validateSubmissionStatement,
  validateSweepStatement,
  type BundleStatement,
  type FiringStatement,
  type HoldStatement,
  type LeakAuditStatement,
  type PromotionStatement,
  type RegistrationStatement,
  type ReviewStatement,
  type StepStatement,
  type SubmissionStatement,
  type SweepStatement,
} from '../../schemas/index.js';
import { LineageError } from '../lineage/errors.js';
import { parseCanonical } from './strict-encoding.js';

/** Every statement that Custos signs, told apart by `predicateType`. */
export type AnyStatement =
  | StepStatement
  | ReviewStatement
  | LeakAuditStatement
  | PromotionStatement
  | RegistrationStatement
  | SubmissionStatement
  | FiringStatement
  | HoldStatement
  | SweepStatement
  | BundleStatement;

const VALIDATORS: Readonly<Record<AnyStatement['predicateType'], ValidateFunction<AnyStatement>>> =
  {
    'https://slsa.dev/provenance/v1': validateStepStatement as ValidateFunction<AnyStatement>,
    'urn:custos:predicate:review:v1': validateReviewStatement as ValidateFunction<AnyStatement>,
    'urn:custos:predicate:leak-audit:v1':
      validateLeakAuditStatement as ValidateFunction<AnyStatement>,
    'urn:custos:predicate:promotion:v1':
      validatePromotionStatement as ValidateFunction<AnyStatement>,
    'urn:custos:predicate:registration:v1':
      validateRegistrationStatement as ValidateFunction<AnyStatement>,
    'urn:custos:predicate:submission:v1':
      validateSubmissionStatement as ValidateFunction<AnyStatement>,
    'urn:custos:predicate:firing:v1': validateFiringStatement as ValidateFunction<AnyStatement>,
    'urn:custos:predicate:hold:v1': validateHoldStatement as ValidateFunction<AnyStatement>,
    'urn:custos:predicate:sweep:v1': validateSweepStatement as ValidateFunction<AnyStatement>,
    'urn:custos:predicate:evidence-bundle:v1':
      validateBundleStatement as ValidateFunction<AnyStatement>,
  };

/**
 * Checks a statement against the schema of its predicate type.
 * @throws LineageError EVIDENCE_INVALID for an unknown predicate type, SchemaError
 */
export function checkStatement(value: unknown, where: string): AnyStatement {
  const type =
    typeof value === 'object' && value !== null && 'predicateType' in value
      ? value.predicateType
      : undefined;
  const validator = Object.entries(VALIDATORS).find(([known]) => known === type)?.[1];
  if (validator === undefined) {
    throw new LineageError('EVIDENCE_INVALID', `${where} is not a statement of a known type`);
  }
  return check(validator, value, where);
}

/** Reads the payload of an envelope as a statement. Says nothing about its signature. */
export function parseStatement(payload: Uint8Array, where: string): AnyStatement {
  return checkStatement(parseCanonical(payload, where), where);
}
