// Dear ImGui's OpenGL backend asks for the state that it changes, so as to put it back afterwards. In a browser the answer to most of these questions waits
// until the graphics process has drawn what was sent before: a dozen of them make 96 % of a frame's time where drawing is slow
// (https://github.com/ocornut/imgui/pull/6085). Nobody else draws on this canvas and app.cpp sets what it relies on, so the backend may put back anything
// valid: WebGL's initial state. The linker sends its calls here (--wrap in CMakeLists.txt).
#include <GLES3/gl3.h>

extern "C" {

void __real_glGetIntegerv(GLenum name, GLint* values);

void __wrap_glGetIntegerv(GLenum name, GLint* values) {
  switch (name) {
    case GL_ACTIVE_TEXTURE:
      *values = GL_TEXTURE0;
      return;
    case GL_CURRENT_PROGRAM:
    case GL_TEXTURE_BINDING_2D:
    case GL_SAMPLER_BINDING:
    case GL_ARRAY_BUFFER_BINDING:
    case GL_VERTEX_ARRAY_BINDING:
    case GL_BLEND_DST_RGB:
    case GL_BLEND_DST_ALPHA:
    case GL_UNPACK_ROW_LENGTH:
      *values = 0;
      return;  // nothing is bound, GL_ZERO, rows as long as the picture is wide
    case GL_UNPACK_ALIGNMENT:
      *values = 4;
      return;
    case GL_BLEND_SRC_RGB:
    case GL_BLEND_SRC_ALPHA:
      *values = GL_ONE;
      return;
    case GL_BLEND_EQUATION_RGB:
    case GL_BLEND_EQUATION_ALPHA:
      *values = GL_FUNC_ADD;
      return;
    case GL_VIEWPORT:
    case GL_SCISSOR_BOX:
      values[0] = values[1] = values[2] = values[3] = 0;
      return;  // App::draw sets the viewport; the scissor test is off there
    default:
      __real_glGetIntegerv(name, values);
  }
}

}  // extern "C"
