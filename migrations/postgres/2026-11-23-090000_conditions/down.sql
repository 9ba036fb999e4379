DROP TABLE agreement_conditions;
