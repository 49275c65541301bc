/** What the API answers (its schema: /api/schema/), and one function for each call that a page makes. */
import { get, post, postWithPhotos } from "./client";
import type { Body } from "./client";

export interface Page<Row> {
  next: string | null;
  previous: string | null;
  results: Row[];
}

export interface Card {
  number: string;
  kind: string;
  title: string;
  place: string;
  state: string;
  state_label: string;
  holder: string;
  opened_at: string;
  due_at: string | null;
  finish_by_at: string | null;
  closed_at: string | null;
  is_late: boolean;
  version: number;
}

export interface Picture {
  url: string;
  thumbnail_url: string;
  note: string;
}

export interface Line {
  at: string;
  title: string;
  words: string;
  by: string;
  photos: Picture[];
}

export interface Arrow {
  verb: string;
  label: string;
  needs: string[];
  may_say: string[];
  is_main: boolean;
  has_page: boolean;
}

export interface Matter extends Card {
  story: Line[];
  arrows: Arrow[];
}

export interface Place {
  id: number;
  name: string;
  parent?: number | null;
  level?: number;
}

export interface Door {
  place: number;
  building: number | null;
  words: string;
}

export interface Answering {
  title: string;
  names: string[];
  stands_in: string;
  phone: string;
}

export interface MyGrid {
  place: string;
  party: Answering[];
  territory: Answering[];
}

export interface Message {
  id: number;
  words: string;
  path: string;
  told_at: string;
  is_read: boolean;
}

export interface Offer {
  number: string;
  title: string;
  state: string;
  begins_at: string;
  ends_at: string;
}

export interface Service {
  number: string;
  title: string;
  place: string;
  door: string;
  begins_at: string;
  ends_at: string;
  words: string;
  risks: string;
  wanted: number;
  check_in_by: "code" | "place";
  mates: string[];
  may_answer: boolean;
  may_arrive: boolean;
  may_leave: boolean;
}

export interface CallOut {
  key: string;
  words: string;
  is_drill: boolean;
  called_at: string;
  is_over: boolean;
  answer: string;
}

export interface Device {
  id: number;
  address: string | null;
  agent: string;
  signed_in_at: string;
  is_this: boolean;
}

export interface Choices {
  ways: string[];
  digest_hours: number[];
}

export const places = () => get<Place[]>("/places/");
export const buildings = (estate: number) => get<Place[]>("/places/", { place: estate });
export const myGrid = (door: Door) =>
  get<MyGrid>("/my-grid/", door.building ? { place: door.place, building: door.building } : { place: door.place });

export const file = (request: Body, photos: string[], key: string) =>
  postWithPhotos<Card>("/requests/", request, photos, key);
export const matters = () => get<Page<Card>>("/cases/", { list: "mine" });
export const matter = (number: string) => get<Matter>(`/cases/${number}/`);
export const act = (number: string, verb: string, body: Body, photos: string[], key: string) =>
  postWithPhotos<Card>(`/cases/${number}/acts/${verb}/`, body, photos, key);

export const messages = () => get<Page<Message>>("/notices/");
export const readMessages = () => post<void>("/notices/");
export const more = <Row>(next: string) => get<Page<Row>>(next);

export const services = () => get<Offer[]>("/services/");
export const service = (number: string) => get<Service>(`/services/${number}/`);
export const answerService = (number: string, answer: "accept" | "decline", key: string) =>
  post<Service>(`/services/${number}/answer/`, { answer }, key);
export const checkIn = (number: string, proof: Body, key: string) =>
  post<Service>(`/services/${number}/check-in/`, proof, key);
export const checkOut = (number: string, words: string, photos: string[], key: string) =>
  postWithPhotos<Service>(`/services/${number}/check-out/`, { words }, photos, key);

export const calls = () => get<CallOut[]>("/calls/");
export const answerCall = (key: string, answer: string) => post<CallOut>(`/calls/${key}/answer/`, { answer });

export const devices = () => get<Device[]>("/devices/");
export const signOutDevice = (id: number) => post<void>(`/devices/${id}/sign-out/`);
export const choices = () => get<Choices>("/notices/choices/");
export const choose = (chosen: Choices) => post<void>("/notices/choices/", { ...chosen });

export const templates = () => get<{ template_id: string; left: number }[]>("/subscriptions/");
export const subscribed = (accepted: string[]) => post<void>("/subscriptions/", { accepted });
export const ticket = (path: string) => post<{ url: string }>("/tickets/", { path });
