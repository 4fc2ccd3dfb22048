module.exports = {
  preset: 'jest-preset-angular',
  setupFilesAfterEnv: ['<rootDir>/setup.ts'],
  testMatch: ['**/*.spec.ts'],
};
