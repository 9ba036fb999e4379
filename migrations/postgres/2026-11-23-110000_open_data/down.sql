DROP TABLE open_data_files;
DROP TABLE open_data_months;
DROP TABLE open_data_vintages;
