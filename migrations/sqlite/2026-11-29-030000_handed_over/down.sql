DROP INDEX passes_handed_over;
