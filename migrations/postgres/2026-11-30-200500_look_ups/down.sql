DROP TABLE look_ups;
