#pragma once

#include <GLES3/gl3.h>

#include <cstdint>
#include <map>
#include <vector>

#include "channel.h"

namespace lobule {

/// A 512-pixel square of one level of an image's pyramid. Level 0 is full size, each further one half of it.
struct TileKey {
  int case_id = 0;
  int level = 0;
  int x = 0;  // in tiles
  int y = 0;
  Channel channel = Channel::as_scanned;
  auto operator<=>(const TileKey&) const = default;
};

struct Tile {
  GLuint colour = 0;  // RGBA
  GLuint grey = 0;    // luminance: under a strong heat map
  int width = 0;      // pixels
  int height = 0;
  bool own_stains = false;  // of a stain's channel: told apart by the image's own stains
  std::uint64_t last_used = 0;
};

/// Tiles as textures, the least recently drawn dropped beyond a memory bound, and the list of those still wanted.
class TileCache {
 public:
  static constexpr int kTileSide = 512;  // pixels

  /// The tile, marked as used; null when it is not here: it is then asked for once.
  const Tile* find(const TileKey& key);
  /// The tile when it is here, without asking for it.
  const Tile* peek(const TileKey& key);
  void put(const TileKey& key, bool own_stains, int width, int height, const std::uint8_t* rgba);
  std::vector<TileKey> take_requests();
  /// Drops what was asked for and not delivered, so that it is asked for again (the worker restarted, or the image came back).
  void forget_requests(int case_id);
  void forget_case(int case_id);
  /// The textures are gone (WebGL context lost): forgets them without deleting.
  void abandon();
  void set_nearest(bool nearest);  // how tiles are enlarged

 private:
  void evict();
  void release(Tile& tile);

  std::map<TileKey, Tile> tiles_;
  std::map<TileKey, bool> requested_;  // true: handed over already
  std::size_t bytes_ = 0;
  std::uint64_t clock_ = 0;
  bool nearest_ = false;
};

}  // namespace lobule
