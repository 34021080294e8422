#pragma once

#include <optional>
#include <string>

#include "cam_picture.h"
#include "channel.h"
#include "session.h"

/// What the canvas writes over a case's tissue. The page's text twin of the canvas is made of the same sentences.
namespace lobule {

/// "x.png: malignant, 0.93"; "x.png: waiting"; "Image 3f2a91: unread".
std::string call_text(const Session& session, const Case& c);

/// "EfficientNet-Lite0: malignant, 0.93": one of two models that are compared on a case. prediction: null where that model has none.
std::string model_text(const Session& session, const Case& c, const std::string& model, const Prediction* prediction);

/// The class whose evidence a heat map shows: the negative one of two where that is the call, else the positive one.
int evidence_class(const Session& session, const Prediction& prediction);

/// What the channel is and what it rests on; "" as scanned. own_stains: whether stains are told apart by the image's own; nothing: not known yet.
std::string channel_text(Channel channel, const Case& c, std::optional<bool> own_stains);

/// "Evidence for malignant, 12 x 18 cells, 0 to 0.42"; "" when the map is empty.
std::string cam_text(const Session& session, const CamMap& cam, int of_class, CamSign sign);

/// A contribution for people: two significant digits.
std::string cam_number(float value);

}  // namespace lobule
