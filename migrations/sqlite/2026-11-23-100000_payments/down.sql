DROP TABLE payments;
DROP TABLE payment_files;
DROP TABLE payment_runs;
DROP TABLE bank_details;
