#include "interruption.h"

namespace lobule {
namespace {

volatile std::sig_atomic_t noted = 0;

void note(int) { noted = 1; }

}  // namespace

InterruptionWatch::InterruptionWatch() {
  struct sigaction action {};
  action.sa_handler = note;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);  // writes go on; the second signal finds the default action
  sigaction(SIGINT, &action, &old_interrupt_);
  sigaction(SIGTERM, &action, &old_terminate_);
}

InterruptionWatch::~InterruptionWatch() {
  sigaction(SIGINT, &old_interrupt_, nullptr);
  sigaction(SIGTERM, &old_terminate_, nullptr);
  noted = 0;  // or work that nobody watches would take it for its own
}

bool InterruptionWatch::interrupted() { return noted != 0; }

}  // namespace lobule
