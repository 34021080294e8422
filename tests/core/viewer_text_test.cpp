#include "viewer_text.h"

#include <catch2/catch.hpp>

#include "lobule/quality.h"
#include "sessions.h"

using namespace lobule;

TEST_CASE("a case is named with its call and probability, and with what it waits for otherwise") {
  Session session = session_with_model();
  const int id = add(session, "a.png", 0.5F);
  CHECK(call_text(session, session.at(id)) == "a.png: malignant, 0.62");
  session.set_result(id, logits(-9));
  CHECK(call_text(session, session.at(id)) == "a.png: benign, <0.01");
  session.set_result(id, logits(1), "Out of focus.");
  CHECK(call_text(session, session.at(id)) == "a.png: no result");
  session.set_failure(id, "JPEG is truncated");
  CHECK(call_text(session, session.at(id)) == "a.png: not read");
  CHECK(call_text(session, session.at(session.add_case("b.png", "b.png", 1, false, ""))) == "b.png: waiting");
}

TEST_CASE("two models' views of a case are named by the models") {
  Session session = session_with_model();
  const int id = add(session, "a.png", 0.5F);
  const Case& c = session.at(id);
  CHECK(model_text(session, c, "Lite0", &c.prediction) == "Lite0: malignant, 0.62");
  CHECK(model_text(session, c, "Lite0", nullptr) == "Lite0: no call of this image");
  session.set_reads_first(true);
  CHECK(model_text(session, c, "Lite0", &c.prediction) == "Lite0: unread");
}

TEST_CASE("a heat map's caption names the class that was called, its cells and its limits") {
  Session session = session_with_model();
  const int id = add(session, "a.png", 1);
  CHECK(cam_text(session, session.at(id).cam, evidence_class(session, session.at(id).prediction), CamSign::only_for).empty());
  session.set_cam(id, {2, 1, 2, {0.125F, -0.75F, 0.5F, -2}});
  CHECK(cam_text(session, session.at(id).cam, evidence_class(session, session.at(id).prediction), CamSign::only_for) ==
        "Evidence for malignant, 2 \u00d7 1 cells, 0 to 0.5");
  CHECK(cam_text(session, session.at(id).cam, evidence_class(session, session.at(id).prediction), CamSign::for_and_against) ==
        "Evidence for and against malignant, 2 \u00d7 1 cells, \u22122 to 2");
  session.set_result(id, logits(-1));
  CHECK(evidence_class(session, session.at(id).prediction) == 0);
  CHECK(cam_text(session, session.at(id).cam, evidence_class(session, session.at(id).prediction), CamSign::only_for) ==
        "Evidence for benign, 2 \u00d7 1 cells, 0 to 0.12");
}

TEST_CASE("a channel's caption says what its stains rest on once that is known") {
  const Case c;
  CHECK(channel_text(Channel::as_scanned, c, true).empty());
  CHECK(channel_text(Channel::haematoxylin, c, std::nullopt) == "Haematoxylin");
  CHECK(channel_text(Channel::haematoxylin, c, true) == "Haematoxylin, by this image's own stains (Macenko 2009)");
  CHECK(channel_text(Channel::eosin, c, false) == "Eosin, by Ruifrok's stains: this image cannot tell its own");
  CHECK(channel_text(Channel::tissue, c, std::nullopt) == "Tissue found");
}

TEST_CASE("the tissue's caption has the figure of the quality check beside its limit") {
  Case c;
  QualityReport report;
  report.tissue_share = 0.031;
  c.quality = quality_json(report);
  CHECK(channel_text(Channel::tissue, c, std::nullopt) == "Tissue found: 3.1 % of the area, at least 5.0 % is asked for");
}

TEST_CASE("every channel has a name, and the last is followed by the first") {
  Channel channel = Channel::as_scanned;
  for (const char* key : kChannelKeys) {
    CHECK(channel_of(key) == channel);
    CHECK(channel_key(channel) == std::string(key));
    channel = next_channel(channel);
  }
  CHECK(channel == Channel::as_scanned);
  CHECK_THROWS_AS(channel_of("sepia"), std::runtime_error);
}
