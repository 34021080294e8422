#define CATCH_CONFIG_MAIN
#define CATCH_CONFIG_NO_POSIX_SIGNALS  // absent under wasm, and in the way of the sanitizers
#include <catch2/catch.hpp>
#include <iostream>
#include <sstream>

namespace {

/// What the code under test says to stderr is for users; here it is shown beside a test that fails.
class HeldStderr : public Catch::TestEventListenerBase {
 public:
  using TestEventListenerBase::TestEventListenerBase;
  void testCaseStarting(const Catch::TestCaseInfo& /*test*/) override {
    held_.str("");
    buffer_ = std::cerr.rdbuf(held_.rdbuf());
  }
  void testCaseEnded(const Catch::TestCaseStats& test) override {
    std::cerr.rdbuf(buffer_);
    if (!test.totals.assertions.allOk()) std::cerr << held_.str();
  }

 private:
  std::ostringstream held_;
  std::streambuf* buffer_ = nullptr;
};

CATCH_REGISTER_LISTENER(HeldStderr)

}  // namespace
