"use strict";

module.exports = {
  testEnvironment: "jsdom",
  testMatch: ["<rootDir>/tests/*.test.js"],
  modulePathIgnorePatterns: ["<rootDir>/app/"],
};
