import CounterTraining
import Testing
