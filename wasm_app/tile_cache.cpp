#include "tile_cache.h"

#include <algorithm>

namespace lobule {
namespace {

constexpr std::size_t kMostBytes = 128U << 20U;  // of texture memory; 1 MiB and a quarter a tile

GLuint make_texture(GLenum format, int width, int height, const std::uint8_t* pixels, bool nearest) {
  GLuint texture = 0;
  glGenTextures(1, &texture);
  glBindTexture(GL_TEXTURE_2D, texture);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, nearest ? GL_NEAREST : GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glTexImage2D(GL_TEXTURE_2D, 0, static_cast<GLint>(format), width, height, 0, format, GL_UNSIGNED_BYTE, pixels);
  return texture;
}

std::size_t bytes_of(const Tile& tile) { return std::size_t{5} * static_cast<std::size_t>(tile.width) * static_cast<std::size_t>(tile.height); }

}  // namespace

const Tile* TileCache::peek(const TileKey& key) {
  const auto found = tiles_.find(key);
  if (found == tiles_.end()) return nullptr;
  found->second.last_used = ++clock_;
  return &found->second;
}

const Tile* TileCache::find(const TileKey& key) {
  const Tile* tile = peek(key);
  if (tile == nullptr) requested_.try_emplace(key, false);
  return tile;
}

void TileCache::put(const TileKey& key, bool own_stains, int width, int height, const std::uint8_t* rgba) {
  requested_.erase(key);
  if (const auto old = tiles_.find(key); old != tiles_.end()) {
    release(old->second);
    tiles_.erase(old);
  }
  Tile tile;
  tile.width = width;
  tile.height = height;
  tile.own_stains = own_stains;
  tile.last_used = ++clock_;
  const auto pixels = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  std::vector<std::uint8_t> grey(pixels);
  for (std::size_t i = 0; i < pixels; ++i) {  // Rec. 601 luma in 8 bits
    grey[i] = static_cast<std::uint8_t>((77 * rgba[4 * i] + 150 * rgba[4 * i + 1] + 29 * rgba[4 * i + 2] + 128) >> 8);
  }
  tile.colour = make_texture(GL_RGBA, width, height, rgba, nearest_);
  tile.grey = make_texture(GL_LUMINANCE, width, height, grey.data(), nearest_);
  bytes_ += bytes_of(tile);
  tiles_.emplace(key, tile);
  evict();
}

std::vector<TileKey> TileCache::take_requests() {
  std::vector<TileKey> wanted;
  for (auto& [key, handed_over] : requested_) {
    if (!handed_over) wanted.push_back(key);
    handed_over = true;
  }
  // Coarse tiles first: something whole is seen at once.
  std::stable_sort(wanted.begin(), wanted.end(), [](const TileKey& a, const TileKey& b) { return a.level > b.level; });
  return wanted;
}

void TileCache::forget_requests(int case_id) {
  std::erase_if(requested_, [case_id](const auto& entry) { return entry.first.case_id == case_id; });
}

void TileCache::forget_case(int case_id) {
  forget_requests(case_id);
  std::erase_if(tiles_, [&](auto& entry) {
    if (entry.first.case_id != case_id) return false;
    release(entry.second);
    return true;
  });
}

void TileCache::abandon() {
  tiles_.clear();
  requested_.clear();
  bytes_ = 0;
}

void TileCache::set_nearest(bool nearest) {
  if (nearest == nearest_) return;
  nearest_ = nearest;
  for (const auto& [key, tile] : tiles_) {
    for (const GLuint texture : {tile.colour, tile.grey}) {
      glBindTexture(GL_TEXTURE_2D, texture);
      glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, nearest ? GL_NEAREST : GL_LINEAR);
    }
  }
}

void TileCache::evict() {
  while (bytes_ > kMostBytes && tiles_.size() > 1) {
    const auto oldest = std::min_element(tiles_.begin(), tiles_.end(), [](const auto& a, const auto& b) { return a.second.last_used < b.second.last_used; });
    release(oldest->second);
    tiles_.erase(oldest);
  }
}

void TileCache::release(Tile& tile) {
  bytes_ -= bytes_of(tile);
  const GLuint textures[] = {tile.colour, tile.grey};
  glDeleteTextures(2, textures);
}

}  // namespace lobule
