//===- ScheduleChoice.cpp - the schedules that a kernel can run by ---------------===//

#include "sepconv/Schedule/ScheduleChoice.h"

using namespace mlir;
using namespace mlir::sepconv;

static constexpr StringLiteral kSchedule = "sepconv.schedule", kParameters = "sepconv.parameters",
                               kAlternatives = "sepconv.alternatives";

SmallVector<ScheduleChoice> sepconv::getChoices(func::FuncOp kernel) {
  SmallVector<ScheduleChoice> choices{{kernel->getAttrOfType<FlatSymbolRefAttr>(kSchedule),
                                       kernel->getAttrOfType<DictionaryAttr>(kParameters)}};
  if (auto alternatives = kernel->getAttrOfType<ArrayAttr>(kAlternatives))
    for (auto entry : alternatives.getAsRange<DictionaryAttr>())
      choices.push_back(
          {entry.getAs<FlatSymbolRefAttr>("schedule"), entry.getAs<DictionaryAttr>("parameters")});
  return choices;
}

static void setOrRemove(func::FuncOp kernel, StringRef name, Attribute value) {
  if (value)
    kernel->setAttr(name, value);
  else
    kernel->removeAttr(name);
}

void sepconv::setChoices(func::FuncOp kernel, ArrayRef<ScheduleChoice> choices) {
  SmallVector<Attribute> alternatives;
  for (const ScheduleChoice &choice : choices.drop_front()) {
    NamedAttrList entry;
    if (choice.schedule)
      entry.set("schedule", choice.schedule);
    if (choice.parameters)
      entry.set("parameters", choice.parameters);
    alternatives.push_back(entry.getDictionary(kernel.getContext()));
  }
  setOrRemove(kernel, kSchedule, choices.front().schedule);
  setOrRemove(kernel, kParameters, choices.front().parameters);
  setOrRemove(kernel, kAlternatives,
              alternatives.empty() ? nullptr : Builder(kernel).getArrayAttr(alternatives));
}

std::string sepconv::placeOf(Location location) {
  if (auto file = dyn_cast<FileLineColLoc>(location))
    return (file.getFilename().getValue() + ":" + Twine(file.getLine())).str();
  return "the module";
}
